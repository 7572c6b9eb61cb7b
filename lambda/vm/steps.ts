import { RUNNER } from './runner.ts';

/**
 * The part of the user data after the settings, the same for every upload. Amazon Linux 2023 has all programs that it
 * calls: bash, the AWS CLI, python3, coreutils. https://docs.aws.amazon.com/linux/al2023/ug/ec2.html
 */
export const STEPS = String.raw`
# Schedule the shutdown first, so that it happens in every case. A shutdown from inside terminates the virtual machine.
trap 'shutdown -P now' EXIT
shutdown -P "+$MACHINE_MINUTES"

export UPLOAD_ID BUCKET AWS_REGION AWS_DEFAULT_REGION
export LC_ALL=C.UTF-8 HOME="$(printenv HOME || echo /root)"
# At boot, the role's credentials can be late. Throttled calls are retried.
export AWS_METADATA_SERVICE_NUM_ATTEMPTS=10 AWS_METADATA_SERVICE_TIMEOUT=5
export AWS_RETRY_MODE=standard AWS_MAX_ATTEMPTS=8 AWS_PAGER= AWS_CLI_FILE_ENCODING=UTF-8

# On Amazon Linux, /tmp is in memory, and small virtual machines have little memory.
WORK="$(mktemp -d -p "$(printenv TMPDIR || echo /var/tmp)")" && cd "$WORK" || exit 1

# Prints stdin, escaped for a JSON string.
json_text() {
  python3 -c 'import json, sys; print(json.dumps(sys.stdin.buffer.read().decode("utf-8", "replace"))[1:-1])'
}

# Prints an attribute of the row, without changes, from when its status became running.
attribute() {
  python3 -c 'import json, sys
row = json.load(open("row.json", encoding="utf-8"))["Attributes"]
sys.stdout.write(row.get(sys.argv[1], {}).get("S", ""))' "$1"
}

# update <request> <answer>: sends a request to the table, and retries after errors.
update() {
  for pause in 5 10 20 0; do
    aws dynamodb update-item --cli-input-json "file://$1" >"$2" 2>update.err && return 0
    cat update.err >&2
    # The row has a final status already.
    grep -q ConditionalCheckFailedException update.err && return 1
    sleep "$pause"
  done
  return 1
}

now() { date -u +%Y-%m-%dT%H:%M:%SZ; }

# Prints the last lines of a file, short enough for a row.
last_words() { tail -n 10 "$1" | tail -c 1000; }

# fail <message> [<title> <file with output>]
fail() {
  echo "failed: $1" >&2
  printf '%s' "$1" >error.txt
  if [ -s "$3" ]; then
    printf ' %s:\n' "$2" >>error.txt
    last_words "$3" >>error.txt
  fi
  printf "$FAILED" "$(now)" "$(printf '%s' "$(cat error.txt)" | json_text)" >failed.json
  update failed.json failed.out
  exit 1
}

printf "$RUNNING" "$(now)" "$(($(date +%s) + DEADLINE_SECONDS))" >running.json
update running.json row.json || exit 1

export INPUT_FILE="$WORK/input" INPUT_TEXT_FILE="$WORK/input-text" OUTPUT_FILE="$WORK/output"
attribute input_text >"$INPUT_TEXT_FILE"
INPUT_PATH="$(attribute input_file_path)"
CONTENT_TYPE="$(attribute content_type)"
# The key can differ from the name. A row from another program can lack the name: <bucket>/uploads/<id>/<file name>
export FILE_NAME="$(attribute file_name)"
[ -n "$FILE_NAME" ] || FILE_NAME="$(printf '%s' "$INPUT_PATH" | python3 -c 'import sys
sys.stdout.write(sys.stdin.read().split("/", 3)[3])')"
OUTPUT_PATH="$BUCKET/$OUTPUT_PREFIX$FILE_NAME"

aws s3 cp --no-progress "s3://$INPUT_PATH" "$INPUT_FILE" 2>cp.err ||
  fail 'The uploaded file could not be downloaded.' 'Message from AWS' cp.err
aws s3 cp --no-progress "$SCRIPT" script.sh 2>cp.err ||
  fail 'The script of this pipeline could not be downloaded.' 'Message from AWS' cp.err

mkdir script-work
cat >run.py <<'END OF PROGRAM'${RUNNER}END OF PROGRAM
python3 run.py "$TIMEOUT_SECONDS" "$TIMEOUT" </dev/null
code=$?
[ ! -e script.err ] || cat script.err >&2
[ ! -s ended ] || fail "$(cat ended)" 'Last output' script.err
[ "$code" = 0 ] || fail 'The program that runs the script was ended before the script was finished.' 'Last output' script.err
[ -f "$OUTPUT_FILE" ] || fail 'The script succeeded, but did not write its output to $OUTPUT_FILE.' 'Last output' script.err

[ -n "$CONTENT_TYPE" ] || CONTENT_TYPE=application/octet-stream
aws s3 cp --no-progress --content-type "$CONTENT_TYPE" "$OUTPUT_FILE" "s3://$OUTPUT_PATH" 2>cp.err ||
  fail 'The output could not be uploaded.' 'Message from AWS' cp.err

printf "$DONE" "$(now)" "$(printf '%s' "$OUTPUT_PATH" | json_text)" >done.json
update done.json done.out
`;
