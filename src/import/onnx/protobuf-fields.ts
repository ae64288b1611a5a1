/** Every occurrence of a length-delimited field in a protobuf message, which its decoder has accepted. */
export function* messagesIn(bytes: Uint8Array, wanted: number): Generator<Uint8Array> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; at < bytes.length; scale *= 128) {
      const byte = bytes[at]!;
      at += 1;
      value += (byte & 127) * scale;
      if (byte < 128) break;
    }
    return value;
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key % 8;
    if (wire === 2) {
      const length = varint();
      if (Math.floor(key / 8) === wanted) yield bytes.subarray(at, at + length);
      at += length;
    } else if (wire === 0) varint();
    else at += wire === 1 ? 8 : 4;
  }
}
