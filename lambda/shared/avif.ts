/** The brands of AVIF, that is AV1 in HEIF: still image and sequence. https://aomediacodec.github.io/av1-avif/#brands */
const AVIF = ['avif', 'avis'];
/** The brands of HEIC, that is HEVC in HEIF, which iPhones write. ISO/IEC 23008-12, B.4. */
const HEVC = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs'];
const FILE_TYPE = Buffer.from('ftyp');
const MAJOR = 8;
const COMPATIBLE = 16;

/**
 * Whether a file is an AVIF by its brands. The major brand can be a general one such as `mif1`: then the compatible brands
 * distinguish AVIF from HEIC.
 */
export function isAvif(bytes: Uint8Array): boolean {
  const brands = brandsOf(bytes);
  return brands.some((brand) => AVIF.includes(brand)) && !brands.some((brand) => HEVC.includes(brand));
}

/** The file with `avif` as its major brand. The bytes are unchanged when it is not an AVIF or already has this brand. */
export function withAvifBrand(bytes: Uint8Array): Uint8Array {
  if (!isAvif(bytes) || brandsOf(bytes)[0] === 'avif') return bytes;
  const changed = Uint8Array.from(bytes);
  changed.set(Buffer.from('avif'), MAJOR);
  return changed;
}

/** The major brand, then the compatible brands. Empty when the file does not begin with brands. */
function brandsOf(bytes: Uint8Array): readonly string[] {
  if (bytes.length < COMPATIBLE || !FILE_TYPE.equals(bytes.subarray(4, 8))) return [];
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = Math.min(head.readUInt32BE(0), head.length);
  const brands = [head.toString('latin1', MAJOR, MAJOR + 4)];
  for (let at = COMPATIBLE; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4));
  return brands;
}
