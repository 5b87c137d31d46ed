/**
 * Text for `command` and `args` of a container, where Kubernetes puts a variable in place of `$(NAME)` and one dollar in
 * place of two.
 */
export function kubernetesText(text: string): string {
  return text.replace(/\$(?=[$(])/g, '$$$$')
}
