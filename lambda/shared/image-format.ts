/**
 * The image formats that ProcessImage supports, by their names in the claim, with all extensions in use. For example,
 * Windows saves a JPEG from a web page as .jfif.
 * https://developer.mozilla.org/en-US/docs/Web/Media/Guides/Formats/Image_types
 */
export const IMAGE_FORMATS = {
  JPEG: {
    contentType: 'image/jpeg',
    extensions: ['jpg', 'jpeg', 'jpe', 'jfif', 'jif', 'jfi', 'pjpeg', 'pjp'],
  },
  PNG: { contentType: 'image/png', extensions: ['png', 'apng'] },
  WebP: { contentType: 'image/webp', extensions: ['webp'] },
  GIF: { contentType: 'image/gif', extensions: ['gif'] },
  TIFF: { contentType: 'image/tiff', extensions: ['tif', 'tiff'] },
  AVIF: { contentType: 'image/avif', extensions: ['avif', 'avifs'] },
} as const;

/** A format's name, as `workflow.processImage.formats` lists it. */
export type ImageFormat = keyof typeof IMAGE_FORMATS;

/** All formats, in the claim's order. */
export const IMAGE_FORMAT_NAMES: readonly ImageFormat[] = ['JPEG', 'PNG', 'WebP', 'GIF', 'TIFF', 'AVIF'];

/** Whether a text is the name of a format. The comparison is case-sensitive. */
export function isImageFormat(text: string): text is ImageFormat {
  return IMAGE_FORMAT_NAMES.some((name) => name === text);
}
