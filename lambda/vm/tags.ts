/** The tags by which a pipeline recognizes its resources, including its virtual machines. https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html */

/** The tag with `<namespace>/<name>` of the pipeline that owns a resource. */
export const PIPELINE_TAG = 'fileingest.dev/pipeline';

/** The tag with the id of the upload that a virtual machine processes. */
export const UPLOAD_TAG = 'fileingest.dev/upload';
