import { spawnSync } from 'node:child_process';
import type { ExecutableCall } from './equivalence-case.js';

/** What Python made of a call: its value, what it raised, or null where the framework cannot be imported. */
export type PythonResult = number | string | null;

/** Runs the text of a call in the framework itself, with its names as float64 tensors or arrays. */
const PROGRAM = `
import importlib, json, math, sys

def found(*names):
    try:
        for name in names:
            importlib.import_module(name)
        return {name.split('.')[0]: sys.modules[name.split('.')[0]] for name in names}
    except ImportError:
        return None

torch_names = found('torch', 'torch.nn.functional')
vision_names = torch_names and found('torchvision', 'torchvision.ops')
sklearn_names = found('sklearn', 'sklearn.metrics', 'scipy', 'scipy.special', 'numpy')
if torch_names:
    import torch
    torch.set_default_dtype(torch.float64)
    torch_names['F'] = torch.nn.functional

def integers(value):
    return all(map(integers, value)) if isinstance(value, list) else float(value).is_integer()

def for_torch(name, value, link):
    if name == 'allowed':
        return torch.tensor(value)
    if name == 'y':
        return torch.tensor(value, dtype=torch.long if link == 'softmax' else torch.float64)
    return torch.tensor(value, dtype=torch.float64) if isinstance(value, list) else value

def for_numpy(name, value, link):
    numpy = sklearn_names['numpy']
    if not isinstance(value, list):
        return value
    return numpy.array(value, dtype=int if name == 'y' and integers(value) else float)

def run(case):
    call, link = case['call'], case['link']
    if case['framework'] == 'PyTorch':
        modules, convert = (vision_names and {**torch_names, **vision_names} if 'torchvision' in call else torch_names), for_torch
    else:
        modules, convert = sklearn_names, for_numpy
    if not modules:
        return None
    try:
        names = {name: convert(name, value, link) for name, value in case['names'].items()}
        value = float(eval(call, {**modules, **names}))
        return value if math.isfinite(value) else str(value)
    except Exception as error:
        return f'{type(error).__name__}: {error}'

print(json.dumps([run(case) for case in json.load(sys.stdin)]))
`;

/** Python of the operating system, since frameworks come as its packages. */
const PYTHON = '/usr/bin/python3';

/** Runs all calls in one process; all null where there is no Python. */
export function runInPython(calls: readonly ExecutableCall[]): readonly PythonResult[] {
  const cases = calls.map(({ framework, link, call, names }) => ({ framework, link, call, names }));
  const run = spawnSync(PYTHON, ['-c', PROGRAM], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (run.error !== undefined) return calls.map(() => null);
  if (run.status !== 0) throw new Error(run.stderr);
  return JSON.parse(run.stdout) as PythonResult[];
}
