module coxswain/test/pods

go 1.26.0
