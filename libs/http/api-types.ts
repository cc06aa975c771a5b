import type { z } from 'zod';
import type * as audit from './schemas/audit';
import type * as clocks from './schemas/clocks';
import type * as delays from './schemas/delays';
import type * as diagnosis from './schemas/diagnosis';
import type * as figures from './schemas/figures';
import type * as inputs from './schemas/inputs';
import type * as inspection from './schemas/inspection';
import type * as journeys from './schemas/journeys';
import type * as live from './schemas/live';
import type * as problems from './schemas/problem';
import type * as reports from './schemas/reports';
import type * as requests from './schemas/requests';
import type * as sla from './schemas/sla';

/**
 * The HTTP API in types (interfaces.md §5), for programs in TypeScript: import with `import type`. Paths are under `/api/v1`; the words
 * are those of the delay model. Answers about a range repeat `from`, `to`, `tz`, `clock`, `filters`, and say whether they are `exact`.
 *
 * | request | parameters | answer |
 * |---|---|---|
 * | GET /range | | Range |
 * | GET /delays/summary | SummaryParameters | Summary |
 * | GET /delays/distribution | DistributionParameters | Distribution |
 * | GET /delays/timeline | TimelineParameters | Timeline |
 * | GET /delays/heatmap | HeatmapParameters | Heatmap |
 * | GET /delays/breakdown | BreakdownParameters | Breakdown |
 * | GET /delays/pareto | RangeParameters | Pareto |
 * | GET /delays/compare | CompareParameters | Compare |
 * | GET /hops | RangeParameters | Hops |
 * | GET /clocks | ClocksParameters | Clocks |
 * | GET /coverage | RangeParameters | CoverageAnswer |
 * | GET /journeys | JourneysParameters | Journeys |
 * | GET /journeys/{message_id} | JourneyParameters | MessageJourneys |
 * | GET /journeys/{message_id}/evidence | JourneyParameters | MessageEvidence |
 * | GET /journeys/{message_id}/support-bundle | JourneyParameters | application/zip |
 * | GET /inputs | InputsParameters | Inputs |
 * | POST /ingest | IngestParameters, body = the file (gzip accepted) | IngestAnswer |
 * | POST /inspect | InspectParameters, body = EML, Outlook MSG, mbox or header text | Inspections |
 * | GET /doctor/{domain} | | Diagnosis |
 * | GET /live | | Live |
 * | GET /sla | SlaParameters | Sla |
 * | POST /reports | IssueParameters | IssueAnswer |
 * | GET /reports | ReportsParameters | IssuedReports |
 * | GET /reports/{id} | DocumentParameters | text/html, application/pdf, text/csv, application/json |
 * | GET /audit | AuditParameters | Audit |
 * | GET /health/live, /health/ready | | Health |
 *
 * Every failure is a Problem (RFC 9457). In a query string an array is the repeated parameter; `segment` and `under` take commas as well.
 */

/** Parameters as they stand in the query string. */
export type RangeParameters = z.input<typeof requests.RangeOnlyQuery>;
export type SummaryParameters = z.input<typeof requests.SummaryQuery>;
export type DistributionParameters = z.input<typeof requests.DistributionQuery>;
export type TimelineParameters = z.input<typeof requests.TimelineQuery>;
export type HeatmapParameters = z.input<typeof requests.HeatmapQuery>;
export type BreakdownParameters = z.input<typeof requests.BreakdownQuery>;
export type CompareParameters = z.input<typeof requests.CompareQuery>;
export type JourneysParameters = z.input<typeof requests.JourneysQuery>;
export type JourneyParameters = z.input<typeof requests.JourneyQuery>;
export type InputsParameters = z.input<typeof requests.InputsQuery>;
export type IngestParameters = z.input<typeof requests.IngestQuery>;
export type InspectParameters = z.input<typeof requests.InspectQuery>;

export type ClocksParameters = z.input<typeof requests.ClocksQuery>;
export type IssueParameters = z.input<typeof requests.IssueQuery>;
export type ReportsParameters = z.input<typeof requests.ReportsQuery>;
export type DocumentParameters = z.input<typeof requests.DocumentQuery>;
export type SlaParameters = z.input<typeof requests.SlaQuery>;
export type AuditParameters = z.input<typeof requests.AuditQuery>;

export type SegmentName = z.output<typeof figures.SegmentName>;
export type Coverage = z.output<typeof figures.Coverage>;
export type InFlight = z.output<typeof figures.InFlight>;
export type SegmentFigures = z.output<typeof figures.SegmentFigures>;

export type Range = z.output<typeof delays.Range>;
export type Summary = z.output<typeof delays.Summary>;
export type Distribution = z.output<typeof delays.Distribution>;
export type TimelinePoint = z.output<typeof delays.TimelinePoint>;
export type Timeline = z.output<typeof delays.Timeline>;
export type Heatmap = z.output<typeof delays.Heatmap>;
export type BreakdownValue = z.output<typeof delays.BreakdownValue>;
export type Breakdown = z.output<typeof delays.Breakdown>;
export type Pareto = z.output<typeof delays.Pareto>;
export type Compare = z.output<typeof delays.Compare>;
export type HopFigures = z.output<typeof delays.HopFigures>;
export type Hops = z.output<typeof delays.Hops>;
export type CoverageAnswer = z.output<typeof delays.CoverageAnswer>;

export type Hop = z.output<typeof journeys.Hop>;
export type JourneyWithHops = z.output<typeof journeys.JourneyWithHops>;
export type Journeys = z.output<typeof journeys.Journeys>;
export type JourneyEvent = z.output<typeof journeys.JourneyEvent>;
export type JourneyAccount = z.output<typeof journeys.JourneyAccount>;
export type MessageJourneys = z.output<typeof journeys.MessageJourneys>;
export type MessageEvidence = z.output<typeof journeys.MessageEvidence>;

export type Inputs = z.output<typeof inputs.Inputs>;
export type IngestAnswer = z.output<typeof inputs.IngestAnswer>;
export type Clocks = z.output<typeof clocks.Clocks>;
export type ClockCorrection = z.output<typeof figures.ClockCorrection>;
export type Sla = z.output<typeof sla.Sla>;
export type IssuedReport = z.output<typeof reports.IssuedReport>;
export type IssuedReports = z.output<typeof reports.IssuedReports>;
export type IssueAnswer = z.output<typeof reports.IssueAnswer>;
export type Audit = z.output<typeof audit.Audit>;
export type Live = z.output<typeof live.Live>;
export type Inspection = z.output<typeof inspection.Inspection>;
export type Inspections = z.output<typeof inspection.Inspections>;
export type Diagnosis = z.output<typeof diagnosis.Diagnosis>;
export type Problem = z.output<typeof problems.Problem>;
export type Health = z.output<typeof problems.Health>;
