/** The tags by which a pipeline knows what it made, its machines among it. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */

/** Holds `<namespace>/<name>` of the pipeline that made a thing, which decides whose it is. */
export const PIPELINE_TAG = 'fileingest.dev/pipeline';

/** Holds the id of the upload that the machine works on. */
export const UPLOAD_TAG = 'fileingest.dev/upload';
