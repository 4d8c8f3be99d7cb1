"""The steps by which a stage is put back to an earlier moment (`infra.restore`)."""
