import type { GroupRuleAnswer, GroupRulePreviewAnswer } from '@sallyport/client/answers';

export const RULES = '/api/v1/groups/rules';

export type GroupRule = GroupRuleAnswer;
export type RulePreview = GroupRulePreviewAnswer;

export const STATUS_WORDS = {
  ACTIVE: { word: 'on', tone: 'good' },
  INACTIVE: { word: 'off', tone: 'quiet' },
  INVALID: { word: 'stopped: a group is gone, or holds an admin role', tone: 'bad' },
} as const;

export const groupNames = ({ actions, _embedded }: GroupRule): string =>
  actions.assignUserToGroups.groupIds.map((id) => _embedded?.groupIdToGroupNameMap[id] || id).join(', ');

/** `would add 3 people`, and whom for example. */
export const previewWords = ({ people, matches, adds, sample }: RulePreview): string => {
  const who = sample.map(({ displayName }) => displayName).join(', ');
  const rest = adds > sample.length ? ` and ${adds - sample.length} more` : '';
  if (matches === 0) return `It matches none of ${people} people.`;
  if (adds === 0) return `It matches ${matches} of ${people} people, who are all in already.`;
  return `It would add ${adds} ${adds === 1 ? 'person' : 'people'} (${matches} of ${people} match): ${who}${rest}.`;
};
