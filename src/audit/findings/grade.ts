/**
 * - `fault`: something is wrong with what was handed in;
 * - `evidence`: it shows misconduct or unsound mathematics to everybody, whoever they trust;
 * - `difference`: two things differ that may differ;
 * - `open`: a question that cannot be answered with what was given;
 * - `pass`: what was checked holds.
 */
export type Grade = 'fault' | 'evidence' | 'difference' | 'open' | 'pass';
