import { parse } from 'yaml';
import type { DocumentFormat } from '../api/schema';
import type { GraphEdge, GraphNode } from './layout';

export interface DocumentGraph {
  nodes: GraphNode[];
  edges: GraphEdge[];
  triggerType: string;
  /** When it starts by itself, as the document says it; undefined without a schedule. */
  schedule?: string;
}

export const triggerId = ' trigger';

/**
 * The graph of a document, as far as it can be read while somebody still writes it; undefined if there is none. The
 * server's reader is the judge of what is valid, this is only the picture.
 */
export function graphOf(document: string, format: DocumentFormat): DocumentGraph | undefined {
  let read: unknown;
  try {
    read = format === 'json' ? JSON.parse(document) : parse(document, { maxAliasCount: 100 });
  } catch {
    return undefined;
  }
  if (!isMap(read) || !Array.isArray(read.nodes)) return undefined;
  const triggerType = isMap(read.trigger) ? text(read.trigger.type) : '';
  const steps = read.nodes.filter(isMap).map((node) => ({ id: text(node.id), title: text(node.id), kind: text(node.type) }));
  const known = new Set(steps.map((step) => step.id));
  const edges = (Array.isArray(read.edges) ? read.edges : [])
    .filter(isMap)
    .map((edge) => ({ from: text(edge.from), to: text(edge.to), port: text(edge.port) || undefined }))
    .filter((edge) => known.has(edge.from) && known.has(edge.to));
  return { ...withTrigger(steps, edges, triggerType || 'none yet'), triggerType, schedule: triggerType === 'schedule' ? scheduleOf(read.trigger) : undefined };
}

/** A node without an edge into it starts with the trigger. */
export function withTrigger(steps: GraphNode[], edges: GraphEdge[], triggerType: string, taken?: boolean): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const first = steps.filter((step) => !edges.some((edge) => edge.to === step.id));
  return {
    nodes: [{ id: triggerId, title: 'Trigger', kind: triggerType }, ...steps],
    edges: [...first.map((step) => ({ from: triggerId, to: step.id, taken })), ...edges],
  };
}

function scheduleOf(trigger: unknown): string | undefined {
  const settings = isMap(trigger) && isMap(trigger.settings) ? trigger.settings : {};
  return text(settings.cron) ? `${text(settings.cron)} (${text(settings.time_zone) || 'UTC'})` : undefined;
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown) => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');
