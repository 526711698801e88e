const RFC3339 = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(?:Z|([+-])(\d{2}):(\d{2}))$/;

/** Unix milliseconds of an RFC 3339 time in whole seconds with a zone; undefined for any other text or no real date. */
export const parseRfc3339 = (text: string): number | undefined => {
  const [, date, time, sign, hours, minutes] = RFC3339.exec(text) ?? [];
  if (date === undefined || time === undefined) return undefined;
  if (Number(hours ?? 0) > 23 || Number(minutes ?? 0) > 59) return undefined;
  const wall = new Date(`${date}T${time}Z`);
  if (Number.isNaN(wall.getTime()) || wall.toISOString() !== `${date}T${time}.000Z`) {
    return undefined;
  }
  const offsetMs = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
  return sign === '-' ? wall.getTime() + offsetMs : wall.getTime() - offsetMs;
};
