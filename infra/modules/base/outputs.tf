output "place" {
  description = "What functions, queues and the rest need to know of where they stand."
  value = {
    name               = var.name
    account            = local.account
    partition          = local.partition
    region             = local.region
    key_arn            = aws_kms_key.this.arn
    bus                = aws_cloudwatch_event_bus.this.name
    bus_arn            = aws_cloudwatch_event_bus.this.arn
    topic_arn          = aws_sns_topic.publishing.arn
    alarm_topic        = aws_sns_topic.alarms.arn
    log_retention_days = var.log_retention_days
    runtime            = "python${var.python}"
    architecture       = var.architecture
    layers             = [aws_lambda_layer_version.shared.arn]
    code = {
      for name, package in aws_s3_object.package : name => {
        bucket = package.bucket
        key    = package.key
        hash   = filebase64sha256(local.packages[name])
      }
    }
    environment = {}
  }
}

output "log_stream_arn" {
  value = one([for table in aws_dynamodb_table.this : table.stream_arn if table.stream_enabled])
}

output "buckets" {
  value = { for purpose, bucket in aws_s3_bucket.this : purpose => bucket.id }
}
