/** A page holds one proof (a receipt), or one model whose proofs it checks (verify.html). */
export type PageKind = 'receipt' | 'model';
