/** The default script of a RunScript pipeline. The comment at its start describes the environment of a script. */
export const DEFAULT_SCRIPT = `#!/bin/bash
# The file, with the text appended.
#
# A script is run by what its first line names, or by bash, as root, on a machine that lives for one upload. It finds
#
#   INPUT_FILE       path of the uploaded file
#   INPUT_TEXT_FILE  path of a file that holds the text, exactly as it was entered
#   FILE_NAME        name of the file as it was uploaded; anything may stand in it, so always quote it
#   UPLOAD_ID        id of the upload
#   BUCKET           bucket of the pipeline; AWS_REGION is set too, and the AWS CLI is signed in as the machine's role
#   OUTPUT_FILE      path to write the output to
#
# and is done when it has written OUTPUT_FILE and ended with 0. The machine then uploads that to
# outputs/<id>/<file name>, saves output_file_path and the status done in the row, and ends. Any other exit code, or
# more time than timeoutMinutes, makes the row failed, with the end of what the script wrote to stderr as its error.

set -euo pipefail

cat "$INPUT_FILE" "$INPUT_TEXT_FILE" >"$OUTPUT_FILE"
`;
