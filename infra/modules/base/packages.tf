locals {
  packages = { for file in fileset(var.packages, "*.zip") : trimsuffix(file, ".zip") => "${var.packages}/${file}" }
}

# Named by what is in it: a function changes with its package's bytes, and an earlier package is still there.
resource "aws_s3_object" "package" {
  for_each = local.packages

  bucket      = aws_s3_bucket.this["code"].id
  key         = "${each.key}-${filesha256(each.value)}.zip"
  source      = each.value
  source_hash = filesha256(each.value)
  kms_key_id  = aws_kms_key.this.arn

  depends_on = [aws_s3_bucket_server_side_encryption_configuration.this, aws_s3_bucket_versioning.this]
}

resource "aws_lambda_layer_version" "shared" {
  layer_name               = "${var.name}-${var.layer}"
  description              = "What every function of ${var.name} loads."
  s3_bucket                = aws_s3_object.package[var.layer].bucket
  s3_key                   = aws_s3_object.package[var.layer].key
  source_code_hash         = filebase64sha256(local.packages[var.layer])
  compatible_runtimes      = ["python${var.python}"]
  compatible_architectures = [var.architecture]
}
