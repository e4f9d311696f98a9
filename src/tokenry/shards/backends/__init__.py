"""Who calls the function of a job: this process, a pool of processes, or the tasks of Ray."""
