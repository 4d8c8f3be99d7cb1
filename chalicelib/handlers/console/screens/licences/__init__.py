"""The screens of licences (亮照): checks, second reading, renewals, display pages, the identity report."""
