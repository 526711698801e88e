/** Something that the demo says is so, and whether it was. */
export type Claim = {
  readonly scene: string;
  readonly text: string;
  readonly held: boolean;
  /** What was seen. */
  readonly seen: string;
};

export type Story = {
  /** Begins a part of the story; its numbers have a head of their own. */
  chapter(title: string, head: string): void;
  /** The merchant's number of this name in this chapter. */
  number(name: string): string;
  /** Begins a scene; its clock starts at zero. */
  scene(title: string): void;
  /** One line with the stack's time since the scene began. */
  tell(text: string): void;
  /** Checks a claim; the story goes on whatever comes out. */
  claim(text: string, held: boolean, seen: unknown): void;
  claims(): readonly Claim[];
};

export function createStory(say: (text: string) => void): Story {
  const claims: Claim[] = [];
  let number = 0;
  let startedAt = Date.now();
  let numberHead = 'DEMO';
  const tell = (text: string): void => say(`  ${sinceText(Date.now() - startedAt)}  ${text}`);
  return {
    chapter: (title, head) => {
      numberHead = head;
      say(`\n${title}`);
    },
    number: (name) => `${numberHead}-${name}`,
    scene: (title) => {
      number += 1;
      startedAt = Date.now();
      say(`\n${number}. ${title}`);
    },
    tell,
    claim: (text, held, seen) => {
      claims.push({ scene: String(number), text, held, seen: String(seen) });
      tell(`${held ? '✓' : '✗'} ${text} (${seen})`);
    },
    claims: () => [...claims],
  };
}

/** `  0:31` — minutes and seconds of the stack's own time. */
function sinceText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;
}
