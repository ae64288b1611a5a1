import { type Reader, readers } from '@quietproof/verify';

type RequiredKey<T> = { [K in keyof T]-?: object extends Pick<T, K> ? never : K }[keyof T];
type OptionalKey<T> = Exclude<keyof T, RequiredKey<T>>;

type RequiredMembers<T> = { readonly [K in RequiredKey<T>]: Reader<T[K]> };
type OptionalMembers<T> = { readonly [K in OptionalKey<T>]-?: Reader<Exclude<T[K], undefined>> };

/**
 * The reader of a type, with a reader for each of its members: a member that the type gains is a type error here until
 * it has one. Unknown members are refused, and required ones must be there.
 */
export function objectOf<T extends object>(
  required: RequiredMembers<T>,
  optional: OptionalMembers<T>,
): Reader<T> {
  return readers.record(
    required as Record<string, Reader<unknown>>,
    optional as Record<string, Reader<unknown>>,
  ) as unknown as Reader<T>;
}

/** Reads numbers into an array of fixed type, without a path for every entry: files may have millions. */
export function numbers<A extends Float64Array | Int32Array>(
  create: (length: number) => A,
  accepts: (value: number) => boolean,
  meaning: string,
): Reader<A> {
  return (json, at) => {
    if (!Array.isArray(json)) return readers.refuse(at, 'must be an array');
    const read = create(json.length);
    json.forEach((value: unknown, index) => {
      if (typeof value !== 'number' || !accepts(value))
        readers.refuse(`${at}[${index}]`, `must be ${meaning}`);
      read[index] = value as number;
    });
    return read;
  };
}
