// Runs Python cells for the page, by Pyodide. Messages in: {id, start: {pyodide, minbpe}} and
// {id, run: code}; out: {id, state}, {id, text}, {id, done, error}. Its policy (see the server's
// answer) lets it reach Pyodide's files and nothing else, whatever a cell tries.
let python = null;
let current = 0;

const tell = (message) => postMessage({ id: current, ...message });

// Patterns and training want packages that the core has not; everything else works without them.
const MISSING = `
import importlib.util, sys, types
for _name in ("regex", "numpy", "numpy.typing"):
    _top = _name.partition(".")[0]
    if importlib.util.find_spec(_top) is None or isinstance(sys.modules.get(_top), types.ModuleType) and getattr(sys.modules[_top], "__missing__", False):
        class _Missing(types.ModuleType):
            __missing__ = True
            __path__ = []
            def __getattr__(self, name):
                if name == "NDArray":
                    return list
                if name.startswith("__"):
                    raise AttributeError(name)
                raise ModuleNotFoundError(f"{self.__name__} is not among the files of Pyodide here")
        _module = _Missing(_name)
        _module.__spec__ = importlib.util.spec_from_loader(_name, loader=None)
        sys.modules[_name] = _module
        if "." in _name:
            setattr(sys.modules[_top], _name.partition(".")[2], _module)
`;

async function start({ pyodide, minbpe }) {
  tell({ state: "loading" });
  const { loadPyodide } = await import(`${pyodide}pyodide.mjs`);
  python = await loadPyodide({ indexURL: pyodide });
  const archive = await (await fetch(minbpe)).arrayBuffer();
  python.unpackArchive(archive, "zip", { extractDir: "/lib/python_packages" });
  python.runPython("import sys; sys.path.insert(0, '/lib/python_packages')");
  const decoder = { stdout: new TextDecoder(), stderr: new TextDecoder() };
  for (const name of ["stdout", "stderr"]) {
    const write = (bytes) => {
      tell({ text: decoder[name].decode(bytes, { stream: true }), stream: name });
      return bytes.length;
    };
    python[name === "stdout" ? "setStdout" : "setStderr"]({ write });
  }
}

async function run(code) {
  tell({ state: "running" });
  await python.loadPackagesFromImports(
    /\bminbpe\b/.test(code) ? `${code}\nimport numpy, regex` : code,
    { messageCallback() {}, errorCallback() {} },
  ).catch(() => {}); // the import then says what is missing
  python.runPython(MISSING, { globals: python.toPy({}) });
  const value = await python.runPythonAsync(code);
  if (value !== undefined) {
    const shown = python.globals.get("repr")(value);
    python.globals.set("_", value);
    value.destroy?.();
    tell({ text: `${shown}\n`, stream: "stdout" });
  }
}

addEventListener("message", async ({ data }) => {
  current = data.id;
  try {
    if (data.start) await start(data.start);
    else await run(data.run);
    postMessage({ id: data.id, done: true });
  } catch (error) {
    postMessage({ id: data.id, done: true, error: plain(String(error.message ?? error)) });
  }
});

/** A traceback without the lines of Pyodide's own. */
function plain(text) {
  const lines = text.trimEnd().split("\n");
  const first = lines.findIndex((line) => line.includes('File "<exec>"'));
  return first < 0 ? lines.slice(-3).join("\n") : ["Traceback (most recent call last):", ...lines.slice(first)].join("\n");
}
