// Generated from apis/definition.yaml by `make generate`. Do not edit.
export interface PipelineSpec {
/**
 * AWS region of everything this pipeline makes, such as eu-west-1. Cannot be changed.
 */
region: string
/**
 * The AWS provider configuration, that is the credentials, to use.
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
 * Put on everything that takes tags. They win over the platform's tags of the same key.
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
 * Only objects whose key starts with this are ingested, such as incoming/. All when absent.
 */
prefix?: string
/**
 * Only objects whose key ends with one of these are ingested, such as .csv. All when absent.
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
 * ARN of the KMS key that encrypts the objects. Amazon S3's own keys (AES256) when absent.
 */
kmsKeyArn?: string
}
/**
 * What happens to what comes in.
 */
workflow: {
/**
 * RecordFile records each file as one item of the table. Cannot be changed.
 */
type: "RecordFile"
/**
 * Standard runs each file once, with a history of 90 days. Express is cheaper at volume and keeps logs only. Direct makes no state machine, the function writes the item itself. Cannot be changed.
 */
execution: ("Standard" | "Express" | "Direct")
/**
 * Name of the state machine. Made from namespace, name and uid when absent. Cannot be changed.
 */
name?: string
}
/**
 * The DynamoDB table with one item for each file.
 */
table: {
/**
 * Name of the table. Made from namespace, name and uid when absent. Cannot be changed.
 */
name?: string
/**
 * Name of the partition key, a string that holds the object's key. Cannot be changed.
 */
partitionKey: string
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
 * Attribute, in epoch seconds, after which DynamoDB deletes an item. With source.expireAfterDays each item gets the time its object expires.
 */
timeToLiveAttribute?: string
/**
 * ARN of the KMS key that encrypts the table. A key that DynamoDB owns when absent.
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
 * Memory in MB.
 */
memoryMB: number
/**
 * Longest time one event may take, in seconds.
 */
timeoutSeconds: number
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
 * What is not made yet, and what each waits for.
 */
waitingFor?: string[]
}
/** The workflow types, as the XRD lists them. */
export const WORKFLOW_TYPES = ["RecordFile"] as const;
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
        "versioning": {
          "default": true
        }
      }
    },
    "workflow": {
      "properties": {
        "execution": {
          "default": "Standard"
        }
      }
    },
    "table": {
      "default": {},
      "properties": {
        "partitionKey": {
          "default": "Filename"
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
        "memoryMB": {
          "default": 256
        },
        "timeoutSeconds": {
          "default": 30
        },
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
