"""The embedded local AWS: moto's server with this project's CloudFormation engine on top.

moto answers the service APIs. What it lacks for deploying a governed data lake is here:

* ``engine`` and ``stacks`` deploy templates the way CloudFormation does: dependency order,
  replacement, deletion policies, rollback, one event per resource;
* ``providers`` creates, updates and deletes each resource type through the same HTTP API a
  user of the AWS SDK would call;
* ``lakeformation`` is a Lake Formation of our own, because moto's keeps too little to read
  permissions, tags and filters back;
* ``health`` is HealthLake and HealthImaging, which moto does not have; ``scripts`` is what a
  test decides about them;
* ``events``, ``workflows`` and ``clock`` make rules reach their targets and state machines run,
  without waiting in real time;
* ``assumed`` refuses roles that a task of a state machine cannot call with;
* ``alters`` lets Athena, which runs no SQL here, change columns of Iceberg tables;
* ``measured`` lets it note the results of quality rules;
* ``patches`` are corrections to moto itself, each with its reason, and ``motonames`` is the
  only module that knows what is inside moto.

It proves wiring, order, names, intrinsics and API shapes. It does not prove how AWS behaves,
and it enforces no permission but that one.
"""
