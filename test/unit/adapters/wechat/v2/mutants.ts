import fc from 'fast-check';

/** One change of a document: at a place given as a share of its length. */
type Change = {
  readonly at: number;
  readonly way: 'flip' | 'cut' | 'insert' | 'repeat' | 'end';
  readonly count: number;
  readonly bytes: Uint8Array;
};

/** Copies of these documents, each with some changes. */
export function mutantsOf(
  documents: readonly (string | Buffer)[],
  inserts: readonly (string | Buffer)[],
): fc.Arbitrary<Buffer> {
  const bytes = fc.oneof(
    fc.constantFrom(...inserts.map((insert) => Buffer.from(insert))),
    fc.uint8Array({ minLength: 1, maxLength: 3 }),
  );
  const change: fc.Arbitrary<Change> = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    way: fc.constantFrom('flip', 'flip', 'cut', 'insert', 'insert', 'insert', 'repeat', 'end'),
    count: fc.integer({ min: 1, max: 40 }),
    bytes,
  });
  return fc
    .tuple(
      fc.constantFrom(...documents.map((document) => Buffer.from(document))),
      fc.array(change, { minLength: 1, maxLength: 3 }),
    )
    .map(([document, changes]) => changes.reduce(changed, document));
}

function changed(document: Buffer, { at, way, count, bytes }: Change): Buffer {
  const place = Math.floor(at * document.length);
  const [before, after] = [document.subarray(0, place), document.subarray(place)];
  switch (way) {
    case 'flip': {
      const copy = Buffer.from(document);
      copy[place] = (copy[place] ?? 0) ^ (bytes[0] ?? 1);
      return copy;
    }
    case 'cut':
      return Buffer.concat([before, after.subarray(count)]);
    case 'insert':
      return Buffer.concat([before, bytes, after]);
    case 'repeat':
      return Buffer.concat([before, after.subarray(0, count), after]);
    case 'end':
      return before;
  }
}
