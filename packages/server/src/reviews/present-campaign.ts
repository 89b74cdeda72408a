import { toIso } from '@sallyport/model/instant';
import { zonedIso } from './schedule.ts';
import { type Campaign, settingsOf, statusAt } from './store.ts';

const linksOf = ({ id }: Campaign, origin: string) => {
  const self = `${origin}/governance/api/v1/campaigns/${id}`;
  const filter = encodeURIComponent(`campaignId eq "${id}"`);
  return {
    self: { href: self, hints: {} },
    launchCampaign: { href: `${self}/launch`, hints: {} },
    endCampaign: { href: `${self}/end`, hints: {} },
    reviews: { href: `${origin}/governance/api/v1/reviews?filter=${filter}`, hints: {} },
  };
};
const common = (row: Campaign, now: number) => ({
  id: row.id,
  createdBy: row.createdBy,
  created: toIso(row.createdAt),
  lastUpdated: toIso(row.lastUpdatedAt),
  lastUpdatedBy: row.lastUpdatedBy,
  name: row.name,
  ...(row.description === null ? {} : { description: row.description }),
  status: statusAt(row, now),
  ...(row.seriesId === null ? {} : { recurringCampaignId: row.seriesId }),
});

/** A campaign as the wire shows one by itself. */
export const presentCampaign = (row: Campaign, origin: string, now: number) => {
  const settings = settingsOf(row);
  const { type, durationInDays, timeZone, recurrence } = settings.scheduleSettings;
  return {
    ...common(row, now),
    campaignType: settings.campaignType,
    scheduleSettings: {
      ...{ type, durationInDays, timeZone },
      startDate: zonedIso(row.startAt, timeZone),
      endDate: zonedIso(row.endsAt, timeZone),
      ...(recurrence === undefined ? {} : { recurrence }),
    },
    resourceSettings: settings.resourceSettings,
    principalScopeSettings: settings.principalScopeSettings,
    reviewerSettings: settings.reviewerSettings,
    notificationSettings: settings.notificationSettings,
    remediationSettings: settings.remediationSettings,
    sallyport: { kinds: settings.kinds, items: row.itemCount, remark: row.remark, reportSha256: row.digest },
    _links: linksOf(row, origin),
  };
};

/** A campaign in a list of the wire. */
export const presentCampaignLine = (row: Campaign, origin: string, now: number) => {
  const { scheduleSettings, reviewerSettings } = settingsOf(row);
  return {
    ...common(row, now),
    startDate: zonedIso(row.startAt, scheduleSettings.timeZone),
    endDate: zonedIso(row.endsAt, scheduleSettings.timeZone),
    scheduleType: scheduleSettings.type,
    reviewerType: reviewerSettings.type,
    _links: linksOf(row, origin),
  };
};
