import { InvalidArgumentError } from 'commander'

/**
 * Reads the value of `--release`.
 * @throws InvalidArgumentError for anything that is no GitLab version
 */
export function parseRelease(text: string): string {
  if (!/^v?\d{1,4}\.\d{1,4}(\.\d{1,4})?([-+][0-9A-Za-z.-]*)?$/.test(text))
    throw new InvalidArgumentError("It is no GitLab version such as '18.2'.")
  return text
}
