/** `28 Nov 2026, 03:50:12 UTC` */
export function timeText(seconds: number): string {
  const [day, time] = new Date(seconds * 1000).toISOString().slice(0, 19).split('T') as [string, string];
  const [year, month, date] = day.split('-') as [string, string, string];
  return `${Number(date)} ${MONTHS[Number(month) - 1]} ${year}, ${time} UTC`;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');
