resource "aws_ssm_parameter" "settings" {
  for_each = var.settings

  name   = each.key
  type   = "SecureString"
  key_id = aws_kms_key.this.arn
  value  = each.value
  # Settings of more than 4 KB (a pipeline's long templates) need the larger kind.
  tier = "Intelligent-Tiering"
}

# Only the place: `pressroom --runtime aws secrets set NAME` puts the value in, and no state ever holds it.
resource "aws_secretsmanager_secret" "this" {
  # checkov:skip=CKV2_AWS_57:These are keys that networks and models give out; only they can replace them
  for_each = var.secrets

  name                    = each.value
  kms_key_id              = aws_kms_key.this.arn
  recovery_window_in_days = 7
}
