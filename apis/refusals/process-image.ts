/** Mistakes in claims of type ProcessImage that only the function knows. */
import { creation, processImage, type Refusal, SMALLEST_OF } from './refusal.ts';

const layerArn = 'arn:aws:lambda:eu-central-1:111122223333:layer:sharp:1';
const elsewhere = 'must be in eu-west-1, as the pipeline is, but is in eu-central-1. Name one in eu-west-1.';

export const PROCESS_IMAGE: readonly Refusal[] = [
  creation('function', [
    'a layer with sharp in another region',
    processImage({ layerArn }),
    'spec.workflow.processImage.layerArn:',
    elsewhere,
  ]),
  {
    ...creation('function', [
      'a layer with sharp of the platform in another region',
      SMALLEST_OF.ProcessImage,
      'EnvironmentConfig fileingest, data.sharpLayerArn:',
      elsewhere,
    ]),
    platform: { sharpLayerArn: layerArn },
  },
];
