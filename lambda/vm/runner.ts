/**
 * Runs the pipeline's script, `script.sh`, with a time limit. It is a Python program that needs only the standard library.
 * A shell would not do: its exit code 137 does not distinguish a script that ends with 137 from a script that was killed.
 * Arguments: the limit in seconds, and in words.
 *
 * The file `ended` has one sentence about what went wrong, or is empty after a success. `script.err` has the stderr of the
 * script. `script.group` has the id of its process group, for ending it from outside.
 */
export const RUNNER = String.raw`
import os, re, shutil, signal, subprocess, sys

def end(sentence):
    with open("ended", "w", errors="replace") as ended:
        ended.write(sentence)
    sys.exit()

with open("script.sh", "rb") as file:
    text = file.read()
# A script from Windows can begin with a byte order mark and have CRLF line ends. Binary data is not changed.
if b"\0" not in text:
    text = re.sub(rb"\A\xef\xbb\xbf", b"", text)
    text = re.sub(rb"\r+(\n|\Z)", rb"\1", text)
    with open("script.sh", "wb") as file:
        file.write(text)

# Like Linux reads the first line: a program, and the rest is one argument. The file itself is not executed, since the disk
# can be mounted noexec.
first = os.fsdecode(text.split(b"\n", 1)[0])
command = first[2:].strip().split(None, 1) if first.startswith("#!") else []
command = command or ["bash"]
program = command[0]
if os.path.basename(program) == "env" and re.search(r"^[^-=\s]+$", command[-1]):
    program = command[-1]
if shutil.which(program) is None:
    end("The first line of the script names %s, which is not installed on the virtual machine: use an installed program." % program)

with open("script.err", "wb") as err, open("script.group", "w") as group:
    def begin():
        group.write(str(os.getpid()))
        group.flush()
    try:
        script = subprocess.Popen(command + ["../script.sh"], cwd="script-work", stdin=subprocess.DEVNULL, stderr=err,
                                  start_new_session=True, preexec_fn=begin)
    except OSError as error:
        end("The script could not be started: %s." % error)

try:
    code = script.wait(int(sys.argv[1]))
except subprocess.TimeoutExpired:
    for sign in signal.SIGTERM, signal.SIGKILL:
        os.killpg(script.pid, sign)
        try:
            script.wait(10)
            break
        except subprocess.TimeoutExpired:
            pass
    end("The script did not end within %s and was stopped." % sys.argv[2])
if code == -signal.SIGKILL:
    end("The script was killed (SIGKILL): most likely the virtual machine ran out of memory.")
if code < 0:
    names = {sign.value: sign.name for sign in signal.Signals}
    end("The script was terminated by %s." % names.get(-code, "signal %d" % -code))
if code > 0:
    end("The script failed with exit code %d." % code)
`;
