import { describe, expect, it } from 'vitest';
import { dropIdleActivations } from '../../../src/graph/passes/drop-idle-activations.ts';
import { difference, namesOf, Sketch } from '../sketch.ts';

describe('dropIdleActivations', () => {
  it('drops a rectifier over averages and maxima of rectified values', () => {
    const s = new Sketch(1, 4, 4);
    const graph = s.graph(s.dense(s.relu(s.max(s.relu(s.mean(s.relu(s.x))))), 2));
    const dropped = dropIdleActivations(graph);
    expect(namesOf(dropped)).toEqual(['relu', 'mean', 'max', 'dense']);
    expect(difference(dropped, graph)).toBe(0);
  });

  it('drops whatever is the identity on what is never negative: a leaky rectifier, a clip open above', () => {
    const s = new Sketch(4);
    const graph = s.graph(s.dense(s.clip(s.leaky(s.relu(s.x), -0.5), -1, Infinity), 2));
    const dropped = dropIdleActivations(graph);
    expect(namesOf(dropped)).toEqual(['relu', 'dense']);
    expect(difference(dropped, graph)).toBe(0);
  });

  it('keeps a clip that cuts, and takes values through a falling leak for positive', () => {
    const s = new Sketch(4);
    const graph = s.graph(s.dense(s.relu(s.clip(s.leaky(s.x, -0.5), 0.2, 0.5)), 2));
    const dropped = dropIdleActivations(graph);
    expect(namesOf(dropped)).toEqual(['leaky', 'clip', 'dense']);
    expect(difference(dropped, graph)).toBe(0);
  });

  it('keeps a rectifier over the input, over layers with negative weights, and over clips below zero', () => {
    const s = new Sketch(4);
    const graph = s.graph(s.relu(s.clip(s.relu(s.dense(s.relu(s.x), 3)), -2, -1)));
    expect(dropIdleActivations(graph)).toBe(graph);
  });
});
