# A queue with its dead letters, who may send to it, who reads it, and its alarms.

variable "queue" {
  type = any
}

variable "place" {
  type = any
}

locals {
  arn      = "arn:${var.place.partition}:sqs:${var.place.region}:${var.place.account}:${var.queue.name}"
  dead_arn = "arn:${var.place.partition}:sqs:${var.place.region}:${var.place.account}:${var.queue.dead}"
  tls_only = {
    Sid       = "TlsOnly"
    Effect    = "Deny"
    Principal = "*"
    Action    = "sqs:*"
    Condition = { Bool = { "aws:SecureTransport" = "false" } }
  }
}

resource "aws_sqs_queue" "dead" {
  name                              = var.queue.dead
  message_retention_seconds         = var.queue.dead_retention_seconds
  kms_master_key_id                 = var.place.key_arn
  kms_data_key_reuse_period_seconds = 300
  redrive_allow_policy              = jsonencode({ redrivePermission = "byQueue", sourceQueueArns = [local.arn] })
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [merge(local.tls_only, { Resource = local.dead_arn })]
  })
}

resource "aws_sqs_queue" "this" {
  name                              = var.queue.name
  visibility_timeout_seconds        = var.queue.visibility_seconds
  message_retention_seconds         = var.queue.retention_seconds
  receive_wait_time_seconds         = var.queue.polling_seconds
  kms_master_key_id                 = var.place.key_arn
  kms_data_key_reuse_period_seconds = 300
  redrive_policy = jsonencode({
    deadLetterTargetArn = local.dead_arn
    maxReceiveCount     = var.queue.receives
  })
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      merge(local.tls_only, { Resource = local.arn }),
      {
        Sid       = "RulesAndTheTopic"
        Effect    = "Allow"
        Principal = { Service = ["events.amazonaws.com", "sns.amazonaws.com"] }
        Action    = "sqs:SendMessage"
        Resource  = local.arn
        Condition = {
          ArnEquals = {
            "aws:SourceArn" = [
              var.place.topic_arn,
              "arn:${var.place.partition}:events:${var.place.region}:${var.place.account}:rule/${var.queue.name}",
              "arn:${var.place.partition}:events:${var.place.region}:${var.place.account}:rule/${var.place.bus}/${var.queue.name}",
            ]
          }
        }
      },
    ]
  })

  depends_on = [aws_sqs_queue.dead]
}

resource "aws_lambda_event_source_mapping" "this" {
  event_source_arn        = aws_sqs_queue.this.arn
  function_name           = var.queue.read_by
  batch_size              = var.queue.batch
  function_response_types = ["ReportBatchItemFailures"]

  scaling_config {
    maximum_concurrency = var.queue.at_once
  }
}

resource "aws_cloudwatch_metric_alarm" "dead" {
  alarm_name          = "${var.queue.dead}-letters"
  alarm_description   = "Words were given up on ${var.queue.name}. What they were about stays stored: see `pressroom --runtime aws dead`."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = var.queue.dead }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.place.alarm_topic]
  ok_actions          = [var.place.alarm_topic]
}

resource "aws_cloudwatch_metric_alarm" "age" {
  alarm_name          = "${var.queue.name}-waits"
  alarm_description   = "Something has waited on ${var.queue.name} for an hour."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateAgeOfOldestMessage"
  dimensions          = { QueueName = var.queue.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 3
  threshold           = 3600
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.place.alarm_topic]
  ok_actions          = [var.place.alarm_topic]
}

output "arn" {
  value = aws_sqs_queue.this.arn
}

output "url" {
  value = aws_sqs_queue.this.url
}
