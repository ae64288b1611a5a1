/** Holds the ids of the models of a report, a JSON list in base64. */
export const MODELS_ID = 'quietproof-models';
export const MODELS_OPEN = `<script type="text/plain" id="${MODELS_ID}">`;
