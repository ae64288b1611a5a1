/**
 * Names of layers for people: those of a feature alone, such as `feature 3/cuts`, are called by the feature's name. Only
 * what is shown is renamed, as no digest depends on the names of features.
 */
export function layerNames(features: readonly (string | undefined)[]): (layer: string) => string {
  return (layer) =>
    layer.replace(/^feature (\d+)(?=\/)/, (own, feature: string) => features[Number(feature)] ?? own);
}
