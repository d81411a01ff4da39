import { Box, Text, useComputedColorScheme } from '@mantine/core';
import { Controls, Handle, MarkerType, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import { useMemo } from 'react';
import { stateColor, stateLabel } from '../elements/StateBadge';
import { layout, nodeSize, type GraphEdge, type GraphNode, type Placed, type Routed } from './layout';
import { RoutedEdge } from './RoutedEdge';

type Drawn = Node<Placed & Record<string, unknown>, 'step'>;

const nodeTypes = { step: StepNode };
const edgeTypes = { routed: RoutedEdge };

function StepNode({ data }: NodeProps<Drawn>) {
  return (
    <>
      <Handle type="target" position={Position.Top} isConnectable={false} style={{ opacity: 0 }} />
      <div className="fluxgate-node" style={data.state ? { borderInlineStartColor: `var(--mantine-color-${data.state === 'pending' ? 'gray' : stateColor(data.state)}-6)` } : undefined}>
        <Text size="sm" fw={600} lh={1.25}>{data.title}</Text>
        <Text size="xs" c="dimmed" lh={1.25}>{data.state ? `${data.kind} · ${stateLabel(data.state)}` : data.kind}</Text>
      </div>
      <Handle type="source" position={Position.Bottom} isConnectable={false} style={{ opacity: 0 }} />
    </>
  );
}

/** A workflow or a run as a picture; it is moved and zoomed, not edited. The same facts stand beside it as text. */
export function Graph({ nodes, edges, label, onSelect, height = 640 }: {
  nodes: GraphNode[];
  edges: GraphEdge[];
  label: string;
  onSelect?: (id: string) => void;
  height?: number;
}) {
  const scheme = useComputedColorScheme('light');
  const [drawn, lines] = useMemo(() => {
    const picture = layout(nodes, edges);
    return [picture.nodes.map(draw), picture.edges.map(line)];
  }, [nodes, edges]);
  return (
    <Box h={height} role="region" aria-label={label}>
      <ReactFlow
        nodes={drawn}
        edges={lines}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        colorMode={scheme}
        fitView
        fitViewOptions={{ padding: 0.1, maxZoom: 1 }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        deleteKeyCode={null}
        onNodeClick={(_, node) => onSelect?.(node.id)}
        onSelectionChange={({ nodes: [selected] }) => selected && onSelect?.(selected.id)}
      >
        <Controls showInteractive={false} />
      </ReactFlow>
    </Box>
  );
}

function draw(node: Placed): Drawn {
  return {
    id: node.id,
    type: 'step',
    position: { x: node.x, y: node.y },
    data: { ...node },
    width: nodeSize.width,
    height: nodeSize.height,
    ariaLabel: [node.title, node.kind, node.state && stateLabel(node.state)].filter(Boolean).join(', '),
  };
}

function line(edge: Routed): Edge {
  const color = edge.taken ? 'var(--mantine-color-teal-6)' : 'var(--mantine-color-gray-6)';
  return {
    id: `${edge.from} ${edge.port ?? ''} ${edge.to}`,
    type: 'routed',
    data: { points: edge.points },
    source: edge.from,
    target: edge.to,
    label: edge.port && edge.port !== 'out' ? edge.port : undefined,
    markerEnd: { type: MarkerType.ArrowClosed, color: edge.taken ? '#12b886' : '#868e96' },
    style: { stroke: color, strokeWidth: edge.taken ? 2.5 : 1.3, strokeDasharray: edge.taken === false ? '5 4' : undefined },
  };
}
