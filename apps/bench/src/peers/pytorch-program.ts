/**
 * What runs in Python: answers each line of its input with one line. The first line is the job; then `time <calls>` is
 * answered with nanoseconds, and `outputs` with the mean, after the rows' losses and the gradient of the mean were
 * written to the files of the job.
 */
export const PYTORCH_PROGRAM = `
import json, sys, time
import torch
import torch.nn.functional as F

def say(text):
    sys.stdout.write(str(text) + "\\n")
    sys.stdout.flush()

def read(path, dtype):
    with open(path, "rb") as file:
        return torch.frombuffer(bytearray(file.read()), dtype=dtype)

def write(path, tensor):
    with open(path, "wb") as file:
        file.write(bytes(tensor.detach().contiguous().numpy().tobytes()))

torch.set_num_threads(1)
say(torch.__version__)
job = json.loads(sys.stdin.readline())
rows, classes = job["rows"], job["classes"]
dtype = getattr(torch, job["type"])
shape = (rows,) if classes == 1 else (rows, classes)
x = read(job["logits"], dtype).reshape(shape).requires_grad_()
if "probabilities" in job:
    y = read(job["probabilities"], dtype).reshape(shape)
else:
    y = read(job["labels"], torch.int32).to(dtype if classes == 1 else torch.int64)
loss = F.binary_cross_entropy_with_logits if classes == 1 else F.cross_entropy

def value():
    with torch.no_grad():
        return loss(x, y).item()

def value_and_gradient():
    x.grad = None
    result = loss(x, y)
    result.backward()
    return result.item()

call = value if job["operation"] == "value" else value_and_gradient
say("ready")
for line in sys.stdin:
    words = line.split()
    if words[0] == "time":
        calls = range(int(words[1]))
        start = time.perf_counter_ns()
        for _ in calls:
            call()
        say(time.perf_counter_ns() - start)
    elif words[0] == "outputs":
        mean = value_and_gradient()
        write(job["gradient"], x.grad)
        write(job["losses"], loss(x, y, reduction="none"))
        say(repr(mean))
    else:
        break
`;
