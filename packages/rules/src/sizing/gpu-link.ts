import type { Gpu } from '../catalog/hardware.js'

/** What the GPUs of a tensor-parallel group talk over. */
export interface GpuLink {
  /** Both directions, GB/s. */
  readonly GBs: number
  /** Whether it is a link of the GPUs' own (NVLink, Infinity Fabric) rather than PCIe. */
  readonly isDirect: boolean
}

// PCIe x16, both directions, by generation.
const pcieGBs: Readonly<Record<string, number>> = { '3': 32, '4': 64, '5': 128, '6': 256 }

/** The link between cards of a kind: their own where `nvlink` says that they have it, PCIe otherwise. */
export function gpuLinkOf(gpu: Gpu, nvlink: boolean): GpuLink {
  if (nvlink && gpu.nvlinkGBs !== undefined) return { GBs: gpu.nvlinkGBs, isDirect: true }
  return { GBs: pcieGBs[gpu.pcie.charAt(0)] ?? 64, isDirect: false }
}
