/** Public ids are at most this long; shorter ones are padded with zeros. */
export const ID_BYTES = 20;

/** Throws for what is no short ASCII: cut or folded, such an id would be found under another's name. */
export const assertId = (id: string): void => {
  if (!/^[\x21-\x7e]{1,20}$/.test(id)) throw new RangeError('not an id');
};

/** Writes an id that `assertId` let pass. */
export const writeId = (bytes: Uint8Array, offset: number, id: string): void => {
  for (let i = 0; i < ID_BYTES; i++) bytes[offset + i] = i < id.length ? id.charCodeAt(i) : 0;
};

export const readId = (bytes: Uint8Array, offset: number): string => {
  let id = '';
  for (let i = 0; i < ID_BYTES && bytes[offset + i] !== 0; i++) id += String.fromCharCode(bytes[offset + i] as number);
  return id;
};

export const isIdAt = (bytes: Uint8Array, offset: number, id: string): boolean => {
  if (id.length > ID_BYTES) return false;
  for (let i = 0; i < id.length; i++) if (bytes[offset + i] !== id.charCodeAt(i)) return false;
  return id.length === ID_BYTES || bytes[offset + id.length] === 0;
};

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;
const step = (hash: number, code: number): number => Math.imul(hash ^ code, FNV_PRIME);
/** FNV leaves its low bits, the ones that choose a place, the least mixed. */
const finish = (hash: number): number => (hash ^ (hash >>> 15)) >>> 0;

/** FNV-1a of an id. Ids are made by this server, so nobody can choose them to collide. */
export const hashOfId = (id: string): number => {
  let hash = FNV_OFFSET;
  for (let i = 0; i < id.length; i++) hash = step(hash, id.charCodeAt(i));
  return finish(hash);
};

export const hashOfIdAt = (bytes: Uint8Array, offset: number): number => {
  let hash = FNV_OFFSET;
  for (let i = 0; i < ID_BYTES && bytes[offset + i] !== 0; i++) hash = step(hash, bytes[offset + i] as number);
  return finish(hash);
};
