/** A graph as it is drawn: what stands before what. */
export interface GraphNode {
  id: string;
  title: string;
  kind: string;
  /** Of a step of a run; decides the color. */
  state?: string;
}

export interface GraphEdge {
  from: string;
  to: string;
  port?: string;
  /** In a run: whether the branch was taken. */
  taken?: boolean;
}

export interface Point {
  x: number;
  y: number;
}

export type Placed = GraphNode & Point;

export interface Routed extends GraphEdge {
  /** Where the edge passes the layers between its ends. */
  points: Point[];
}

export const nodeSize = { width: 200, height: 56 };
const step = { x: nodeSize.width + 36, y: nodeSize.height + 42 };

/** One place in a layer: a node, or the free lane of an edge that passes the layer. */
interface Slot {
  id: string;
  node?: GraphNode;
  after: string[];
}

/**
 * Layers from top to bottom: a node stands one layer below the last node before it, and in its layer at the mean place
 * of those it comes from, so that few edges cross. An edge over several layers gets a lane of its own in each.
 */
export function layout(nodes: GraphNode[], edges: GraphEdge[]): { nodes: Placed[]; edges: Routed[] } {
  const depths = depthsOf(nodes, edges);
  const layers: Slot[][] = [];
  for (const node of nodes) (layers[depths.get(node.id) ?? 0] ??= []).push({ id: node.id, node, after: [] });
  const slots = new Map(layers.flat().map((slot) => [slot.id, slot]));
  const lanes = edges.map((edge) => lanesOf(edge, depths, layers, slots));

  const across = new Map<string, number>();
  const placed: Placed[] = [];
  layers.forEach((layer, depth) => {
    const wanted = new Map(layer.map((slot) => [slot.id, mean(slot.after.map((id) => across.get(id) ?? 0))]));
    layer.sort((a, b) => (wanted.get(a.id) ?? 0) - (wanted.get(b.id) ?? 0));
    const shift = mean([...wanted.values()]) - (layer.length - 1) / 2;
    layer.forEach((slot, index) => {
      across.set(slot.id, index + shift);
      if (slot.node) placed.push({ ...slot.node, x: (index + shift) * step.x, y: depth * step.y });
    });
  });
  const center = (id: string, depth: number): Point => ({ x: (across.get(id) ?? 0) * step.x + nodeSize.width / 2, y: depth * step.y + nodeSize.height / 2 });
  return {
    nodes: placed,
    edges: edges.map((edge, index) => ({ ...edge, points: (lanes[index] ?? []).map(({ id, depth }) => center(id, depth)) })),
  };
}

function lanesOf(edge: GraphEdge, depths: Map<string, number>, layers: Slot[][], slots: Map<string, Slot>): { id: string; depth: number }[] {
  const lanes: { id: string; depth: number }[] = [];
  let before = edge.from;
  for (let depth = (depths.get(edge.from) ?? 0) + 1; depth < (depths.get(edge.to) ?? 0); depth++) {
    const id = `${edge.from} ${edge.port ?? ''} ${edge.to} ${depth}`;
    layers[depth]?.push({ id, after: [before] });
    lanes.push({ id, depth });
    before = id;
  }
  slots.get(edge.to)?.after.push(before);
  return lanes;
}

/** The longest way to each node. An edge of a cycle (a draft may have one) is not followed twice. */
function depthsOf(nodes: GraphNode[], edges: GraphEdge[]): Map<string, number> {
  const depths = new Map<string, number>();
  const visiting = new Set<string>();
  const depth = (id: string): number => {
    const known = depths.get(id);
    if (known !== undefined) return known;
    if (visiting.has(id)) return 0;
    visiting.add(id);
    const found = edges.filter((edge) => edge.to === id).reduce((deepest, edge) => Math.max(deepest, depth(edge.from) + 1), 0);
    visiting.delete(id);
    depths.set(id, found);
    return found;
  };
  for (const node of nodes) depth(node.id);
  return depths;
}

const mean = (numbers: number[]) => (numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length);
