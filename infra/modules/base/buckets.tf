locals {
  buckets = {
    assets    = "${var.name}-assets-${local.account}"
    processed = "${var.name}-processed-${local.account}"
    code      = "${var.name}-code-${local.account}"
  }
}

resource "aws_s3_bucket" "this" {
  # checkov:skip=CKV_AWS_18:Reads of assets are in the API's and the functions' logs
  # checkov:skip=CKV_AWS_144:A copy in a second region is a decision about money
  # checkov:skip=CKV2_AWS_62:The bucket of assets tells EventBridge (below); nobody waits for the others
  for_each = local.buckets

  bucket        = each.value
  force_destroy = each.key == "code" || !var.keep_data
}

resource "aws_s3_bucket_public_access_block" "this" {
  for_each = aws_s3_bucket.this

  bucket                  = each.value.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    bucket_key_enabled = true # one call to KMS for many objects

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

# When assets end, the core decides and removes them; here only what nobody can see any more goes.
resource "aws_s3_bucket_lifecycle_configuration" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id

  rule {
    id     = "leftovers"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }

    noncurrent_version_expiration {
      noncurrent_days = 14
    }
  }
}

data "aws_iam_policy_document" "bucket" {
  for_each = aws_s3_bucket.this

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = [each.value.arn, "${each.value.arn}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "this" {
  for_each = aws_s3_bucket.this

  bucket = each.value.id
  policy = data.aws_iam_policy_document.bucket[each.key].json

  depends_on = [aws_s3_bucket_public_access_block.this]
}

resource "aws_s3_bucket_notification" "assets" {
  bucket      = aws_s3_bucket.this["assets"].id
  eventbridge = true
}

resource "aws_s3_bucket_cors_configuration" "assets" {
  count = length(var.browser_origins) > 0 ? 1 : 0

  bucket = aws_s3_bucket.this["assets"].id

  cors_rule {
    allowed_methods = ["GET", "PUT"]
    allowed_origins = var.browser_origins
    allowed_headers = ["content-type", "if-none-match"]
    max_age_seconds = 600
  }
}
