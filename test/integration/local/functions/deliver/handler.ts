// Stands for `deliver`: nobody sends it anything here.
export function handler(): Promise<undefined> {
  return Promise.resolve(undefined);
}
