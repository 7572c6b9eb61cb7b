// Generated from apis/definition.yaml by `make generate`. Do not edit.
export interface PipelineSpec {
/**
 * AWS region of everything this pipeline makes, such as eu-west-1. Cannot be changed.
 */
region: string
/**
 * The AWS provider configuration, that is the credentials, to use. Cannot be changed.
 */
providerConfigRef: {
/**
 * ClusterProviderConfig is shared by all namespaces; ProviderConfig is in the claim's own.
 */
kind: ("ClusterProviderConfig" | "ProviderConfig")
/**
 * Name of the provider configuration.
 */
name: string
}
/**
 * Put on everything that takes tags. They win over the platform's tags of the same key, whatever its case.
 */
tags?: {
[k: string]: string
}
/**
 * What happens to the bucket, its objects and the table when the claim is deleted. Retain leaves them in AWS; Delete deletes them.
 */
dataRetention: ("Retain" | "Delete")
/**
 * ARN of the IAM policy set as the permissions boundary of every role. Wins over the platform's.
 */
permissionsBoundaryArn?: string
/**
 * The bucket that takes the files, and which of them count.
 */
source: {
/**
 * Name of the bucket, unique in all of AWS. Made from namespace, name and uid when absent. Cannot be changed.
 */
bucketName?: string
/**
 * Takes files from the bucket that source.bucketName names although this claim did not make it. Nothing of it is changed, emptied or deleted. It needs source.trigger EventBridge.
 */
adopt: boolean
/**
 * How an upload is noticed. Notification has the bucket invoke the function itself; a bucket has one such configuration. EventBridge has it tell Amazon EventBridge, where several claims can listen.
 */
trigger: ("Notification" | "EventBridge")
/**
 * Only objects whose key starts with this are ingested, such as incoming/. All when absent. Written as the key is, not URL-encoded.
 */
prefix?: string
/**
 * Only objects whose key ends with one of these are ingested, such as .csv. All when absent. Written as the key is, not URL-encoded.
 */
suffixes?: string[]
/**
 * Objects are deleted this many days after they arrived. Kept for ever when absent.
 */
expireAfterDays?: number
/**
 * Keeps the earlier versions of an object that is overwritten or deleted.
 */
versioning: boolean
/**
 * ARN of the KMS key, not of an alias, that encrypts the objects. Amazon S3's own keys (AES256) when absent.
 */
kmsKeyArn?: string
/**
 * The upload API and its page; type RunScript only, which needs it.
 */
upload?: {
/**
 * Who may upload.
 */
authorization: {
/**
 * None lets anyone who knows the address upload. IAM takes signed requests only, and has no page. JWT takes tokens of an issuer.
 */
type: ("None" | "IAM" | "JWT")
/**
 * Address of the tokens' issuer, which serves its keys at /.well-known/openid-configuration.
 */
issuer?: string
/**
 * Audiences of tokens that are taken.
 */
audience?: string[]
}
/**
 * Origins of other pages that may use the API, such as https://app.example.com. None but the page of its own when absent.
 */
allowedOrigins?: string[]
/**
 * Largest file, in MB of 1,048,576 bytes.
 */
maxSizeMB: number
/**
 * Seconds that an upload may begin after it was announced.
 */
expiresSeconds: number
/**
 * Content types that are taken, such as text/csv. All when absent. The type is what the browser says, and each says what its system does. With Excel installed, Windows says application/vnd.ms-excel of a .csv file, so list both; a file that the system does not know has application/octet-stream.
 */
contentTypes?: string[]
}
}
/**
 * What happens to what comes in.
 */
workflow: {
/**
 * RecordFile records each file as one item of the table. RecordMessage records each message that an execution is started with. ProcessImage copies, resizes and records each image. RunScript runs a script on a virtual machine for each file uploaded by a browser. Custom runs a state machine of your own. Cannot be changed.
 */
type: ("RecordFile" | "RecordMessage" | "ProcessImage" | "RunScript" | "Custom")
/**
 * Standard runs each file once, with a history of 90 days. Express is cheaper at volume and keeps logs only. Direct makes no state machine, the function writes the item itself. Express for ProcessImage and Standard for others when absent. Cannot be changed.
 */
execution?: ("Standard" | "Express" | "Direct")
/**
 * Name of the state machine. Made from namespace, name and uid when absent. Cannot be changed.
 */
name?: string
/**
 * Settings of type ProcessImage.
 */
processImage?: {
/**
 * Formats of the images that are processed.
 */
formats: ("JPEG" | "PNG" | "WebP" | "GIF" | "TIFF" | "AVIF")[]
/**
 * Width of the small image in pixels. Narrower images keep theirs.
 */
width: number
/**
 * What the small image's name has before the extension.
 */
suffix: string
/**
 * What happens to files that are no images of these formats. Delete deletes them; Keep leaves them; Quarantine moves them to a prefix of the destination. Each leaves an item whose attribute rejected says why.
 */
otherFiles: ("Delete" | "Keep" | "Quarantine")
/**
 * Prefix of the destination for files in quarantine. quarantine/ when absent.
 */
quarantinePrefix?: string
/**
 * The bucket that takes the images.
 */
destination: {
/**
 * Puts images into the bucket that bucketName names although this claim did not make it. Nothing of it is changed but its objects, and it is never emptied or deleted.
 */
adopt: boolean
/**
 * Name of the bucket, unique in all of AWS. Made from namespace, name and uid when absent. Cannot be changed.
 */
bucketName?: string
}
/**
 * ARN of a Lambda layer version with sharp, for the architecture of functions.architecture. Wins over the platform's.
 */
layerArn?: string
/**
 * A zip in S3, as `make layer` builds it, to make a layer version of. Wins over the platform's.
 */
layer?: {
/**
 * Name of the bucket, in this region.
 */
bucket: string
/**
 * Key of the zip. Another zip needs another key.
 */
key: string
}
}
/**
 * Settings of type RunScript, which needs them.
 */
runScript?: {
/**
 * The script, run by what its first line names (#!/usr/bin/env python3), else by bash. One that appends the text to the file when absent.
 */
script?: string
/**
 * A script in S3.
 */
scriptLocation?: {
/**
 * Name of the bucket.
 */
bucket: string
/**
 * Key of the script.
 */
key: string
}
/**
 * Longest time that the script may run, in minutes.
 */
timeoutMinutes: number
/**
 * Processor architecture of the virtual machine.
 */
architecture: ("arm64" | "x86_64")
/**
 * Instance type, of the architecture. t4g.nano, or t3.nano for x86_64, when absent.
 */
instanceType?: string
/**
 * SSM parameter with the id of the machine image. The newest Amazon Linux 2023 when absent.
 */
imageParameter?: string
/**
 * Size of the encrypted disk in GB.
 */
volumeGB: number
/**
 * Where the virtual machine is. It needs a way to S3 and DynamoDB, by endpoints of the VPC, a NAT gateway, or an address of its own.
 */
network: {
/**
 * The VPC. The region's default VPC when absent. Cannot be changed.
 */
vpcId?: string
/**
 * A subnet of the VPC.
 */
subnetId?: string
/**
 * Gives the virtual machine a public address. Nothing can reach it there.
 */
publicAddress: boolean
}
}
/**
 * Settings of type Custom, which needs them.
 */
custom?: {
/**
 * The state machine in Amazon States Language. Its texts may have ${Bucket.Name}, ${Bucket.Arn}, ${Table.Name}, ${Table.Arn}, ${Functions.<name>.Arn}, ${DeadLetterQueue.Url} and ${DeadLetterQueue.Arn}.
 */
definition: {
[k: string]: unknown
}
/**
 * Upload starts an execution for each file. None makes no bucket, and you start executions yourself. Cannot be changed.
 */
trigger: ("Upload" | "None")
/**
 * Lambda functions of your own.
 */
functions?: {
/**
 * Name within the claim, for ${Functions.<name>.Arn}.
 */
name: string
/**
 * Lambda runtime, such as nodejs24.x or python3.13.
 */
runtime?: string
/**
 * Handler, such as index.handler.
 */
handler?: string
/**
 * The zip.
 */
code?: {
/**
 * Name of the bucket, in this region.
 */
bucket: string
/**
 * Key of the zip. Another zip needs another key.
 */
key: string
/**
 * SHA-256 of the zip in hexadecimal, as sha256sum prints it.
 */
sha256: string
}
/**
 * Container image in Amazon ECR, by tag or digest.
 */
imageUri?: string
/**
 * Memory in MB. functions.memoryMB, or 256, when absent.
 */
memoryMB?: number
/**
 * Longest time one call may take, in seconds. functions.timeoutSeconds, or 30, when absent.
 */
timeoutSeconds?: number
/**
 * Environment variables. Their values may have the texts that definition may have.
 */
environment?: {
[k: string]: string
}
/**
 * What the function may do, beside its logs and dead letters.
 */
policyStatements?: {
/**
 * IAM actions, such as s3:GetObject.
 */
actions: string[]
/**
 * ARNs. They may have the texts that definition may have.
 */
resources: string[]
/**
 * IAM conditions, by operator and key.
 */
conditions?: {
[k: string]: {
[k: string]: string
}
}
}[]
}[]
/**
 * What the state machine may do beyond what follows from its definition.
 */
policyStatements?: {
/**
 * IAM actions, such as s3:GetObject.
 */
actions: string[]
/**
 * ARNs. They may have the texts that definition may have.
 */
resources: string[]
/**
 * IAM conditions, by operator and key.
 */
conditions?: {
[k: string]: {
[k: string]: string
}
}
}[]
}
}
/**
 * The DynamoDB table with one item for each file or message.
 */
table: {
/**
 * Name of the table. Made from namespace, name and uid when absent. Cannot be changed.
 */
name?: string
/**
 * Writes into the table that table.name names although this claim did not make it. Nothing of it is changed but its items, and it is never deleted. Its only key must be table.partitionKey.
 */
adopt: boolean
/**
 * Name of the partition key, a string. It holds the object's key for RecordFile and ProcessImage, which call it Filename when absent; an id for the others, which call it id. Cannot be changed.
 */
partitionKey?: string
/**
 * How the table's capacity is paid for.
 */
billing: {
/**
 * OnDemand pays for each request. Provisioned pays for capacity, scaled between min and max.
 */
mode: ("OnDemand" | "Provisioned")
/**
 * Read capacity.
 */
read?: {
/**
 * Least capacity units.
 */
min: number
/**
 * Most capacity units.
 */
max: number
/**
 * Percentage of use that the scaling aims at.
 */
targetUtilization: number
}
/**
 * Write capacity.
 */
write?: {
/**
 * Least capacity units.
 */
min: number
/**
 * Most capacity units.
 */
max: number
/**
 * Percentage of use that the scaling aims at.
 */
targetUtilization: number
}
}
/**
 * Keeps 35 days of continuous backups.
 */
pointInTimeRecovery: boolean
/**
 * Attribute, in epoch seconds, after which DynamoDB deletes an item. With source.expireAfterDays each item of a file gets the time its object expires.
 */
timeToLiveAttribute?: string
/**
 * ARN of the KMS key, not of an alias, that encrypts the table. A key that DynamoDB owns when absent.
 */
kmsKeyArn?: string
/**
 * AWS refuses to delete the table while this is true.
 */
deletionProtection: boolean
}
/**
 * Settings of the Lambda functions.
 */
functions: {
/**
 * Memory in MB. What each function needs when absent, 128 to 1024.
 */
memoryMB?: number
/**
 * Longest time one event may take, in seconds. What each function needs when absent, 30 to 60.
 */
timeoutSeconds?: number
/**
 * Processor architecture.
 */
architecture: ("arm64" | "x86_64")
/**
 * Most events handled at once, taken from the account's limit. Not reserved when absent.
 */
reservedConcurrency?: number
}
/**
 * Logs, traces and alarms.
 */
observability: {
/**
 * Days that logs are kept; one of the values CloudWatch Logs has.
 */
logRetentionDays: (1 | 3 | 5 | 7 | 14 | 30 | 60 | 90 | 120 | 150 | 180 | 365 | 400 | 545 | 731 | 1096 | 1827 | 2192 | 2557 | 2922 | 3288 | 3653)
/**
 * Which events the state machine logs. Quote 'OFF', since YAML reads it bare as a boolean.
 */
logLevel: ("ALL" | "ERROR" | "OFF")
/**
 * Adds input and output to the state machine's logs. They hold object keys.
 */
includeExecutionData: boolean
/**
 * Traces functions and state machine with AWS X-Ray.
 */
tracing: boolean
/**
 * CloudWatch alarms for errors, throttles, failed executions and dead letters.
 */
alarms: {
/**
 * Makes the alarms.
 */
enabled: boolean
/**
 * ARN of the SNS topic told of alarms. Wins over the platform's.
 */
topicArn?: string
}
}
}
/**
 * What was made. Crossplane adds the conditions.
 */
export interface PipelineStatus {
/**
 * Name of the bucket that takes the files.
 */
bucket?: string
/**
 * Name of the table.
 */
table?: string
/**
 * Name of the bucket that takes the images.
 */
destinationBucket?: string
/**
 * What is used and was not made by this claim, such as bucket my-files. It is never emptied or deleted.
 */
adopted?: string[]
/**
 * Address of the upload API and its page.
 */
url?: string
/**
 * ARN of the state machine.
 */
stateMachine?: string
/**
 * The Lambda functions.
 */
functions?: {
/**
 * Name of the function.
 */
name: string
/**
 * ARN of the function.
 */
arn?: string
/**
 * Base64 SHA-256 of the code that runs.
 */
codeDigest?: string
}[]
/**
 * URL of the queue with the input of whatever failed for good.
 */
deadLetterQueue?: string
/**
 * Names of the log groups.
 */
logGroups?: string[]
/**
 * What the platform's defaults gave last. It stays in force when they are gone.
 */
platform?: {
/**
 * Tags.
 */
tags?: {
[k: string]: string
}
/**
 * Boundary of each role.
 */
permissionsBoundaryArn?: string
/**
 * Topic told of alarms.
 */
alarmTopicArn?: string
/**
 * Layer version with sharp.
 */
sharpLayerArn?: string
/**
 * Where a zip of the layer with sharp is.
 */
sharpLayer?: {
/**
 * Bucket of the zip.
 */
bucket: string
/**
 * Key of the zip.
 */
key: string
}
}
/**
 * What is not made yet, and what each waits for.
 */
waitingFor?: string[]
}
/** The workflow types, as the XRD lists them. */
export const WORKFLOW_TYPES = ["RecordFile","RecordMessage","ProcessImage","RunScript","Custom"] as const;
/** What the API server fills in, by field. */
export const SPEC_DEFAULTS = {
  "properties": {
    "providerConfigRef": {
      "default": {},
      "properties": {
        "kind": {
          "default": "ClusterProviderConfig"
        },
        "name": {
          "default": "default"
        }
      }
    },
    "dataRetention": {
      "default": "Retain"
    },
    "source": {
      "default": {},
      "properties": {
        "adopt": {
          "default": false
        },
        "trigger": {
          "default": "Notification"
        },
        "versioning": {
          "default": true
        },
        "upload": {
          "properties": {
            "maxSizeMB": {
              "default": 100
            },
            "expiresSeconds": {
              "default": 300
            }
          }
        }
      }
    },
    "workflow": {
      "properties": {
        "processImage": {
          "properties": {
            "formats": {
              "default": [
                "JPEG"
              ]
            },
            "width": {
              "default": 150
            },
            "suffix": {
              "default": "-small"
            },
            "otherFiles": {
              "default": "Delete"
            },
            "destination": {
              "default": {},
              "properties": {
                "adopt": {
                  "default": false
                }
              }
            }
          }
        },
        "runScript": {
          "properties": {
            "timeoutMinutes": {
              "default": 15
            },
            "architecture": {
              "default": "arm64"
            },
            "volumeGB": {
              "default": 8
            },
            "network": {
              "properties": {
                "publicAddress": {
                  "default": false
                }
              }
            }
          }
        },
        "custom": {
          "properties": {
            "trigger": {
              "default": "Upload"
            }
          }
        }
      }
    },
    "table": {
      "default": {},
      "properties": {
        "adopt": {
          "default": false
        },
        "billing": {
          "default": {},
          "properties": {
            "mode": {
              "default": "OnDemand"
            },
            "read": {
              "properties": {
                "targetUtilization": {
                  "default": 70
                }
              }
            },
            "write": {
              "properties": {
                "targetUtilization": {
                  "default": 70
                }
              }
            }
          }
        },
        "pointInTimeRecovery": {
          "default": true
        },
        "deletionProtection": {
          "default": false
        }
      }
    },
    "functions": {
      "default": {},
      "properties": {
        "architecture": {
          "default": "arm64"
        }
      }
    },
    "observability": {
      "default": {},
      "properties": {
        "logRetentionDays": {
          "default": 30
        },
        "logLevel": {
          "default": "ERROR"
        },
        "includeExecutionData": {
          "default": false
        },
        "tracing": {
          "default": false
        },
        "alarms": {
          "default": {},
          "properties": {
            "enabled": {
              "default": false
            }
          }
        }
      }
    }
  }
};
