/** Whether a title already names a city: "… in Washington" does for "Washington D.C.". */
export function namesCity(title: string, city: string): boolean {
  const [longest = ''] = city.split(/\s+/).sort((a, b) => b.length - a.length);
  return longest !== '' && title.includes(longest);
}
