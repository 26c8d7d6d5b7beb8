/**
 * Words that carry grammar, not subject. Question words and the verbs of asking belong here: "who",
 * "tell", "happened" say what kind of thing is wanted (see answer-kinds), not what it is about.
 */
const STOP_WORDS = new Set(
  `a about after again all also am an and any anybody anyone anything are as at be because been before being
  between both but by can cannot could did do does doing done during each either else ever every
  for from get gets got had has have having he hello her here hers herself hey hi him himself his how however i
  if in into is it its itself just know let like make many may me might more most much must my myself no nor not now
  of off oh ok okay on once one only or other our ours out over own please pls quite rather really s same say said says
  shall she should so some somebody someone something such t tell than thank thanks that the their theirs them themselves then
  there these they this those though through thing things to too u um until up upon us very via was we well were what whatever
  when whenever where wherever whether which whichever while who whoever whom whose why will with within without would
  yes yet you your yours yourself happen happened happens exactly actually wondering wonder explain describe
  anyway kind sort lot bit maybe guess hear heard question answer dont didnt doesnt cant
  wont couldnt wouldnt shouldnt wasnt isnt arent werent hasnt havent hadnt whats wheres whens hows whos whys thats theres im ive
  youre theyre`
    .split(/\s+/)
    .filter((word) => word !== ''),
);

export function isStopWord(folded: string): boolean {
  return STOP_WORDS.has(folded);
}
