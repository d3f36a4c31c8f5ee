# From the event log's stream to the bus. A function makes an event of each entry: the log holds them as text.

variable "name" {
  type = string
}

variable "place" {
  type = any
}

variable "stream_arn" {
  type = string
}

variable "function" {
  type = object({ name = string, arn = string })
}

resource "aws_iam_role" "this" {
  name        = "${var.name}-pipe"
  description = "Reads the log's stream, and puts its events on the bus."
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "pipes.amazonaws.com" }
      Condition = { StringEquals = { "aws:SourceAccount" = var.place.account } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "calls"
  role = aws_iam_role.this.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "ReadStream"
        Effect   = "Allow"
        Action   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
        Resource = var.stream_arn
      },
      {
        # IAM knows no resource for listing streams.
        Sid      = "FindStream"
        Effect   = "Allow"
        Action   = "dynamodb:ListStreams"
        Resource = "*"
      },
      { Sid = "MakeEvents", Effect = "Allow", Action = "lambda:InvokeFunction", Resource = var.function.arn },
      { Sid = "PutEvents", Effect = "Allow", Action = "events:PutEvents", Resource = var.place.bus_arn },
      { Sid = "GiveUp", Effect = "Allow", Action = "sqs:SendMessage", Resource = aws_sqs_queue.dead.arn },
      { Sid = "UseTheKey", Effect = "Allow", Action = ["kms:Decrypt", "kms:GenerateDataKey"], Resource = var.place.key_arn },
    ]
  })
}

resource "aws_sqs_queue" "dead" {
  name                              = "${var.name}-pipe-dead"
  message_retention_seconds         = 1209600
  kms_master_key_id                 = var.place.key_arn
  kms_data_key_reuse_period_seconds = 300
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "TlsOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "sqs:*"
      Resource  = "arn:${var.place.partition}:sqs:${var.place.region}:${var.place.account}:${var.name}-pipe-dead"
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })
}

resource "aws_pipes_pipe" "this" {
  name        = var.name
  description = "The event log of ${var.name}, told to its bus."
  role_arn    = aws_iam_role.this.arn
  source      = var.stream_arn
  enrichment  = var.function.arn
  target      = var.place.bus_arn

  source_parameters {
    dynamodb_stream_parameters {
      starting_position                  = "TRIM_HORIZON"
      batch_size                         = 10 # as many as one call of PutEvents takes
      maximum_batching_window_in_seconds = 1
      maximum_retry_attempts             = 20
      on_partial_batch_item_failure      = "AUTOMATIC_BISECT"

      dead_letter_config {
        arn = aws_sqs_queue.dead.arn
      }
    }

    # Only what is new in the log: what retention takes away is no news.
    filter_criteria {
      filter {
        pattern = jsonencode({ eventName = ["INSERT"] })
      }
    }
  }

  target_parameters {
    eventbridge_event_bus_parameters {
      source      = "pressroom"
      detail_type = "$.type"
    }
  }

  depends_on = [aws_iam_role_policy.this]
}

resource "aws_cloudwatch_metric_alarm" "dead" {
  alarm_name          = "${var.name}-pipe-dead-letters"
  alarm_description   = "Events did not reach the bus. What they set going is found by housekeeping within minutes."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.place.alarm_topic]
  ok_actions          = [var.place.alarm_topic]
}
