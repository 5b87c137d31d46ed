import type { VllmServer } from './vllm-server.js'

// Repository and folder are its arguments. The old formats of weights, which repositories carry as well, are left out.
const downloadProgram =
  "import sys; from huggingface_hub import snapshot_download; snapshot_download(sys.argv[1], local_dir=sys.argv[2], ignore_patterns=['*.pt', '*.pth'])"

/** A shell script that downloads a model, unless it is there, and runs the documented preparation. Arguments: repository, folder. */
export function preparationScript({ recipe }: VllmServer): string {
  return ['set -eu', `python3 -c "${downloadProgram}" "$1" "$2"`, 'cd "$2"', ...(recipe?.preparation ?? [])].join('\n')
}

/** Whether a container has to prepare the model before the server starts. */
export function needsPreparation({ recipe }: VllmServer, modelPath: string | undefined): boolean {
  return modelPath === undefined && recipe !== undefined && recipe.preparation.length > 0
}
