import { reviewReportPage } from '@sallyport/console/pages/review-report';
import { LOG_FINDING_WORDS } from '@sallyport/model/review';
import type { Report } from '../reviews/report.ts';

/** The report of a review as a page for the printer; `digest` is that of its JSON, from the close on. */
export const renderReviewReport = (report: Report, digest: string | null): string =>
  reviewReportPage(report, digest, LOG_FINDING_WORDS);
