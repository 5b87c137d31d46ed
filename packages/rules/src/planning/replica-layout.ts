import type { ModelArchitecture } from '../sizing/model-architecture.js'
import { validTensorParallelSizes } from '../sizing/tensor-parallel.js'
import type { Hardware, Node } from './plan-hardware.js'

/** How one copy of a model lies on machines. */
export interface ReplicaLayout {
  readonly node: Node
  readonly tensorParallelSize: number
  readonly pipelineParallelSize: number
  /** Machines that the copy spans. */
  readonly nodes: number
}

/** Layouts within one machine, narrowest first. */
export function singleNodeLayouts(node: Node, architecture: ModelArchitecture): ReplicaLayout[] {
  return validTensorParallelSizes(architecture, node.gpuCount).map((tensorParallelSize) => ({
    node,
    tensorParallelSize,
    pipelineParallelSize: 1,
    nodes: 1,
  }))
}

/** Layouts over several machines: layers are split within a machine, and groups of layers lie on different ones. */
export function multiNodeLayouts(node: Node, architecture: ModelArchitecture, hardware: Hardware): ReplicaLayout[] {
  const widest = validTensorParallelSizes(architecture, node.gpuCount).at(-1) ?? 1
  const layouts: ReplicaLayout[] = []
  for (let nodes = 2; nodes <= hardware.maxNodesPerReplica; nodes += 1)
    if (nodes * node.gpuCount <= hardware.gpuCount && nodes <= architecture.layers)
      layouts.push({ node, tensorParallelSize: widest, pipelineParallelSize: nodes, nodes })
  return layouts
}

/** GPUs that one copy computes on. */
export function gpusOf({ tensorParallelSize, pipelineParallelSize }: ReplicaLayout): number {
  return tensorParallelSize * pipelineParallelSize
}
