# The HTTP API and the pages: every request goes to one function, which checks keys and scopes by itself.

variable "name" {
  type = string
}

variable "place" {
  type = any
}

variable "function" {
  type = object({ name = string, invoke_arn = string })
}

variable "requests_per_second" {
  type = number
}

variable "requests_at_once" {
  type = number
}

resource "aws_apigatewayv2_api" "this" {
  name          = var.name
  description   = "The HTTP API and the pages of ${var.name}."
  protocol_type = "HTTP"
}

resource "aws_apigatewayv2_integration" "this" {
  api_id                 = aws_apigatewayv2_api.this.id
  integration_type       = "AWS_PROXY"
  integration_uri        = var.function.invoke_arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "this" {
  # checkov:skip=CKV_AWS_309:The function asks for a key itself: webhooks and signed pages come without one
  api_id    = aws_apigatewayv2_api.this.id
  route_key = "$default"
  target    = "integrations/${aws_apigatewayv2_integration.this.id}"
}

resource "aws_cloudwatch_log_group" "this" {
  name              = "/aws/vendedlogs/${var.name}-api"
  retention_in_days = var.place.log_retention_days
  kms_key_id        = var.place.key_arn
}

resource "aws_apigatewayv2_stage" "this" {
  api_id      = aws_apigatewayv2_api.this.id
  name        = "$default"
  auto_deploy = true

  default_route_settings {
    throttling_rate_limit    = var.requests_per_second
    throttling_burst_limit   = var.requests_at_once
    detailed_metrics_enabled = true
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.this.arn
    # The path without its query, which may hold a signature.
    format = jsonencode({
      requestId = "$context.requestId"
      time      = "$context.requestTime"
      ip        = "$context.identity.sourceIp"
      method    = "$context.httpMethod"
      path      = "$context.path"
      status    = "$context.status"
      bytes     = "$context.responseLength"
      ms        = "$context.responseLatency"
      error     = "$context.integrationErrorMessage"
    })
  }
}

resource "aws_lambda_permission" "this" {
  statement_id  = "HttpApi"
  action        = "lambda:InvokeFunction"
  function_name = var.function.name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.this.execution_arn}/*/*"
}

resource "aws_cloudwatch_metric_alarm" "this" {
  alarm_name          = "${var.name}-api-5xx"
  alarm_description   = "The HTTP API has answered more than five requests in five minutes with an error of its own."
  namespace           = "AWS/ApiGateway"
  metric_name         = "5xx"
  dimensions          = { ApiId = aws_apigatewayv2_api.this.id }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 5
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [var.place.alarm_topic]
  ok_actions          = [var.place.alarm_topic]
}

output "endpoint" {
  value = aws_apigatewayv2_api.this.api_endpoint
}

output "id" {
  value = aws_apigatewayv2_api.this.id
}
