"""The rehearsal: nothing that happens during a rotation leaves an application without a credential that works.

Every external call of a rotation is a point, before and after it took effect. At each one the function dies, loses
the reply, or is overtaken by another rotation; then AWSCURRENT must work and what Secrets Manager does next must
converge. ``make rehearsal`` does them all, ``make test`` a sample; CONTRIBUTING.md says how a kind joins.
"""
