import type { SubscriptionAnswer } from '@sallyport/client/answers';

export interface Notice {
  readonly type: SubscriptionAnswer['notificationType'];
  readonly words: string;
  readonly isOn: boolean;
}

/** Mails that are sent here and can be switched off, in words. Other kinds are kept for programs: no mail comes of them. */
const WORDS: Readonly<Record<string, string>> = {
  REPORT_SUSPICIOUS_ACTIVITY: 'Another administrator says “that wasn’t me” about something done in their name',
};

/** Those that come of it: where no mail is sent to the holder, there is nothing to choose. */
export const noticesOf = (subscriptions: readonly SubscriptionAnswer[]): readonly Notice[] =>
  subscriptions
    .filter(({ channels }) => channels.includes('email'))
    .map(({ notificationType: type, status }) => ({ type, words: WORDS[type] ?? type, isOn: status === 'subscribed' }));
