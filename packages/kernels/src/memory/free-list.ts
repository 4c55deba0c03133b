/** Room for arrays in a piece of memory: which parts of it are taken. Addresses are bytes. */
export interface FreeList {
  /** The address of so many bytes that nobody has, or undefined where there is no such part. */
  readonly take: (bytes: number) => number | undefined;
  readonly giveBack: (at: number, bytes: number) => void;
  /** More memory behind what there was. */
  readonly extend: (to: number) => void;
  /** How many bytes at the end are free. */
  readonly freeAtEnd: () => number;
}

interface Part {
  from: number;
  to: number;
}

/** The memory from one address to another, all of it free. Parts are kept in order, no two of them adjacent. */
export function freeList(from: number, to: number): FreeList {
  const parts: Part[] = [];
  let end = from;
  const giveBack = (at: number, bytes: number): void => {
    if (bytes > 0) insert(parts, { from: at, to: at + bytes });
  };
  const extend = (next: number): void => {
    giveBack(end, next - end);
    end = next;
  };
  extend(to);
  return {
    take: (bytes) => {
      const part = parts.find(({ from, to }) => to - from >= bytes);
      if (part === undefined) return undefined;
      const at = part.from;
      part.from += bytes;
      if (part.from === part.to) parts.splice(parts.indexOf(part), 1);
      return at;
    },
    giveBack,
    extend,
    freeAtEnd: () => {
      const last = parts.at(-1);
      return last?.to === end ? last.to - last.from : 0;
    },
  };
}

function insert(parts: Part[], part: Part): void {
  const before = parts.find(({ to }) => to === part.from);
  const after = parts.find(({ from }) => from === part.to);
  const joined = { from: before?.from ?? part.from, to: after?.to ?? part.to };
  const others = parts.filter((other) => other !== before && other !== after);
  const index = others.findIndex(({ from }) => from >= joined.to);
  others.splice(index < 0 ? others.length : index, 0, joined);
  parts.splice(0, parts.length, ...others);
}
