terraform {
  required_version = ">= 1.11.0" # state in S3 is locked by S3 itself from here on

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

provider "aws" {
  region = var.region == "" ? null : var.region

  default_tags {
    tags = merge({ deployment = var.name, managed-by = "terraform" }, var.tags)
  }
}
