/** What is wrong with the text of a field, and what to write instead: a message for the reader. */
export class FieldError extends Error {}
